"""The plan's goals in the world of figures_world.py, by hand. A line: code, period, place, what must be said, why."""

GOALS = """
# Sites of the list. A month is active when open on half its planned days, working on half of those, with 10 visits.
PROJECT_SITES       2024   all           5            # the list 2024-1
PROJECT_SITES       2025   all           5            # still the list 2024-1, with the closed TH-005
PROJECT_SITES       2026H1 all           4            # the list 2026-1, without it
PROJECT_SITES       2025   commune:20001 4            # 001 002 005 006, all in 20001 since 1 July
PROJECT_SITES       2025   commune:14003 1            # 004; 003 is potential
PROJECT_SITES       2025   line:post     2            # 002 004
EFFECTIVE_SITES     2024   all           80.0 4/5 high=100.0 met # all but 004; of those who told 4 of 4
EFFECTIVE_SITES     2024   commune:14001 100.0 2/2 high=100.0 high # 001 005
EFFECTIVE_SITES     2024   commune:14002 100.0 2/2 high=100.0 high # 002: 10 of 12 months (Nov and Dec 8 visits), 006
EFFECTIVE_SITES     2024   commune:14003 0.0 0/1 not_met # 004 never reported
EFFECTIVE_SITES     2025   all           60.0 3/5 high=75.0 not_met # 001 005 006; not 002: 8 of 12; 004 silent: 3 of 4
EFFECTIVE_SITES     2025   commune:20001 75.0 3/4 high=75.0 not_met # 001 005 006 of them and 002
EFFECTIVE_SITES     2025   line:library  100.0 3/3 high=100.0 high # 001 005 (4 of its 4 months) 006
EFFECTIVE_SITES     2025   line:post     0.0 0/2 high=0.0 not_met # 002 not; 004 silent
EFFECTIVE_SITES     2025M9 all           60.0 3/5 high=75.0 not_met # 002: May to September, 5 of 9
EFFECTIVE_SITES     2026Q1 all           50.0 2/4 high=66.7 not_met # 002: 2 of 3, in February out of order 3 days of 4
EFFECTIVE_SITES     2026H1 all           75.0 3/4 high=100.0 not_met # 002: 5 of 6 = 83 %
EFFECTIVE_SITES     12M    all           75.0 3/4 high=100.0 not_met # by the list of 2026; 002: 11 of 12
EFFECTIVE_SITES     2026YD all           75.0 3/4 high=100.0 not_met # January to April; 002: 3 of 4 = 75 %
SITES_EFFECTIVE     2024   all           4            # 001 002 005 006
SITES_EFFECTIVE     2025   all           3            # 001 005 006
SITES_EFFECTIVE     2026H1 all           3            # 001 002 006
SITES_EFFECTIVE     2025   site:TH-001   1            # itself
SITES_NOT_EFFECTIVE 2025   all           1            # 002
SITES_NOT_EFFECTIVE 2026Q1 all           1            # 002
SITES_NOT_EFFECTIVE 2024   all           0            # nobody who told
SITES_NO_REPORT     2024   all           1            # 004
SITES_NO_REPORT     2025   all           1            # 004
SITES_NO_REPORT     2025   commune:20001 0            # all told
LIVING_SITES        2024   all           5            # 003 opened in 2025
LIVING_SITES        2025   all           6            # 005 until 30 April, 003 from 17 March
LIVING_SITES        2026H1 all           5            # without 005
LIVING_SITES        2024   commune:14001 2            # 001 005
POTENTIAL_SITES     2024   all           0            # 003 was not there
POTENTIAL_SITES     2025   all           1            # 003
REPORTING_SITES     2024   all           4            # not 004
REPORTING_SITES     2025   all           5            # 003 too
REPORTING_SITES     2026H1 all           4            # 001 002 003 006
ACTIVE_MONTHS       2024   all           46           # 12 + 10 + 12 + 12
ACTIVE_MONTHS       2024   site:TH-002   10           # 9 of 12 or 15 visits, October 5 × 2 = 10; Nov and Dec 8
ACTIVE_MONTHS       2025   all           45           # 12 + 8 + 9 + 4 + 12
ACTIVE_MONTHS       2025   site:TH-002   8            # Jan to April off 3 days each: 2/5 1/4 1/4 2/5 open
ACTIVE_MONTHS       2025   site:TH-003   9            # March has 2 days of its life, 6 visits
ACTIVE_MONTHS       2025   site:TH-005   4            # January to April
ACTIVE_MONTHS       2026H1 site:TH-002   5            # February: on 4 of 4, working 1 of 4
EFFECTIVE           2024   site:TH-002   1 met        # 10 of 12 = 83 %
EFFECTIVE           2025   site:TH-001   1 met        # 12 of 12
EFFECTIVE           2025   site:TH-002   0 not_met    # 8 of 12 = 67 %
EFFECTIVE           2025   site:TH-003   1 met        # 9 of the 10 months of its life
EFFECTIVE           2025   site:TH-004   nothing_told # never
EFFECTIVE           2025   site:TH-005   1 met        # 4 of 4
EFFECTIVE           2026Q1 site:TH-002   0 not_met    # 2 of 3 = 67 %
# Growth: of sites that told 80 % of their planned days in both years, on the same dates.
VISITS_GROWTH       2024   all           first_year   # nobody told of 2023
VISITS_GROWTH       2025   all           -12.2 675/769 sites=4 not_met # 262+146+54+213; 260+143+156+210; −12.22
VISITS_GROWTH       2025   commune:20001 -12.2 675/769 sites=4 not_met # the same four sites, whatever their commune was
VISITS_GROWTH       2025   line:library  -15.5 529/626 sites=3 not_met # 262+54+213; 260+156+210; −97/626 = −15.495
VISITS_GROWTH       2025   line:post     one_site     # 004 never told, so 002 alone matches
VISITS_GROWTH       2025   commune:14003 first_year   # 003 was not there, 004 never told
VISITS_GROWTH       2025   site:TH-001   one_site trend=same # 262 and 260: 2² < 4 × 522
VISITS_GROWTH       2025   site:TH-005   one_site trend=down # 54 and 156: 102² > 4 × 210
VISITS_GROWTH       2025M9 all           -15.3 497/587 sites=4 not_met # 192+94+54+157; 195+117+117+158; −15.33
VISITS_GROWTH       2026Q1 all           44.9 197/136 sites=4 high # 72+36+36+53; 65+12+6+53; 61/136 = 44.85
VISITS_GROWTH       2026H1 all           29.8 418/322 sites=4 high # 150+88+75+105; 130+42+45+105; 96/322 = 29.81
VISITS_GROWTH       2026H1 commune:20001 23.8 343/277 sites=3 high # 150+88+105; 130+42+105; 66/277 = 23.83
VISITS_GROWTH       2026H1 commune:14003 one_site     # 003
VISITS_GROWTH       2026H1 line:library  17.9 330/280 sites=3 high # 150+75+105; 130+45+105; 50/280 = 17.86
VISITS_GROWTH       2026H1 site:TH-002   one_site trend=up # 88 and 42: 46² = 2116 > 4 × 130
VISITS_GROWTH       2026H1 site:TH-006   one_site trend=same # 105 and 105
VISITS_GROWTH       12M    all           35.7 843/621 sites=4 high # 282+192+156+213; 260+107+45+209; 222/621 = 35.75
VISITS_GROWTH       2026YD all           37.8 299/217 sites=4 high # 108+60+54+77; 95+21+24+77 to 12 May; 82/217 = 37.79
USERS_GROWTH        2024   all           first_year   # nobody told of 2023
USERS_GROWTH        2025   all           -9.0 141/155 sites=4 not_met # 56+31+6+48; 56+32+17+50; −14/155 = −9.03
USERS_GROWTH        2025   line:library  -10.6 110/123 sites=3 not_met # 56+6+48; 56+17+50; −13/123 = −10.57
USERS_GROWTH        2025   line:post     one_site     # 002
USERS_GROWTH        2025   site:TH-001   one_site trend=same # 56 and 56
USERS_GROWTH        2026H1 all           9.0 85/78 sites=4 met # 34+15+12+24; 28+18+8+24; 7/78 = 8.97
USERS_GROWTH        2026H1 commune:20001 4.3 73/70 sites=3 met # without 003: 3/70 = 4.29
USERS_GROWTH        2026YD all           23.9 57/46 sites=4 met # January to April: 23+10+8+16; 18+8+4+16; 11/46 = 23.91
TARGET_USERS_GROWTH 2025   all           -10.8 33/37 sites=4 not_met # a8; a6 + c1 = 32 + 5; −4/37 = −10.81
TARGET_USERS_GROWTH 2024   all           first_year   # nobody told of 2023
TARGET_VISITS_GROWTH 2025  all           -0.8 126/127 sites=4 not_met # 33+93; 32+90+5; −1/127 = −0.79
TARGET_VISITS_GROWTH 2026H1 all          small_base   # nothing was released in the first half of 2025 but c2 and SEX
"""
