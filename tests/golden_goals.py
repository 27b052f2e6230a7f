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
# Growth: of sites that lived on all days from the first before to the last now, and told 80 % of their planned days in
# both years, on the same dates. So never of TH-003 (from 17 March 2025), and of TH-005 only until 30 April 2025.
VISITS_GROWTH       2024   all           first_year   # nobody told of 2023
VISITS_GROWTH       2025   all           1.3 621/613 sites=3 not_met # 262+146+213; 260+143+210; 8/613 = 1.305
VISITS_GROWTH       2025   commune:20001 1.3 621/613 sites=3 not_met # the same three sites, whatever their commune was
VISITS_GROWTH       2025   line:library  1.1 475/470 sites=2 not_met # 262+213; 260+210; 5/470 = 1.06
VISITS_GROWTH       2025   line:post     one_site     # 004 never told, so 002 alone matches
VISITS_GROWTH       2025   commune:14003 first_year   # 003 was not there, 004 never told
VISITS_GROWTH       2025   site:TH-001   one_site trend=same # 262 and 260: 2² < 4 × 522
VISITS_GROWTH       2025   site:TH-005   no_matched trend=unknown # 54 of the 4 months until it closed, 156 of a year
VISITS_GROWTH       2025Q1 all           -13.3 169/195 sites=4 not_met # with 005: 65+12+39+53; 65+39+39+52; −26/195
VISITS_GROWTH       2025Q1 site:TH-005   one_site trend=same # 39 and 39: it still lived on 31 March
VISITS_GROWTH       2025M9 all           -5.7 443/470 sites=3 not_met # 192+94+157; 195+117+158; −27/470 = −5.74
VISITS_GROWTH       2026Q1 all           23.8 161/130 sites=3 high # 72+36+53; 65+12+53; 31/130 = 23.85
VISITS_GROWTH       2026H1 all           23.8 343/277 sites=3 high # 150+88+105; 130+42+105; 66/277 = 23.83
VISITS_GROWTH       2026H1 commune:20001 23.8 343/277 sites=3 high # all three
VISITS_GROWTH       2026H1 commune:14003 no_matched   # 003 opened on 17 March 2025, within the days before
VISITS_GROWTH       2026H1 line:library  8.5 255/235 sites=2 high # 150+105; 130+105; 20/235 = 8.51
VISITS_GROWTH       2026H1 site:TH-002   one_site trend=up # 88 and 42: 46² = 2116 > 4 × 130
VISITS_GROWTH       2026H1 site:TH-003   no_matched trend=unknown # 75 of half a year, 45 of what it had of one
VISITS_GROWTH       2026H1 site:TH-006   one_site trend=same # 105 and 105
VISITS_GROWTH       12M    all           19.3 687/576 sites=3 high # 282+192+213; 260+107+209; 111/576 = 19.27
VISITS_GROWTH       2026YD all           26.9 245/193 sites=3 high # 108+60+77; 95+21+77 to 12 May; 52/193 = 26.94
USERS_GROWTH        2024   all           first_year   # nobody told of 2023
USERS_GROWTH        2025   all           -2.2 135/138 sites=3 not_met # 56+31+48; 56+32+50; −3/138 = −2.17
USERS_GROWTH        2025   line:library  -1.9 104/106 sites=2 not_met # 56+48; 56+50; −2/106 = −1.89
USERS_GROWTH        2025   line:post     one_site     # 002
USERS_GROWTH        2025   site:TH-001   one_site trend=same # 56 and 56
USERS_GROWTH        2025   site:TH-005   no_matched trend=unknown # closed on 30 April
USERS_GROWTH        2026H1 all           4.3 73/70 sites=3 met # 34+15+24; 28+18+24; 3/70 = 4.29
USERS_GROWTH        2026H1 commune:20001 4.3 73/70 sites=3 met # all three
USERS_GROWTH        2026YD all           16.7 49/42 sites=3 met # January to April: 23+10+16; 18+8+16; 7/42 = 16.67
TARGET_USERS_GROWTH 2025   all           -10.8 33/37 sites=3 not_met # a8; a6 + c1 = 32 + 5; −4/37 = −10.81
TARGET_USERS_GROWTH 2024   all           first_year   # nobody told of 2023
TARGET_VISITS_GROWTH 2025  all           -0.8 126/127 sites=3 not_met # 33+93; 32+90+5; −1/127 = −0.79
TARGET_VISITS_GROWTH 2026H1 all          small_base   # nothing was released in the first half of 2025 but c2 and SEX
"""
