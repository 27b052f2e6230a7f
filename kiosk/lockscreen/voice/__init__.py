"""Reading aloud: what each screen says, and how it gets to the loudspeaker."""
