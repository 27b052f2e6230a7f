"""The one way in for bundles, over HTTPS or from a stick: judged, kept, answered; or put aside."""
