"""Use, days and answers in the world of figures_world.py, by hand. A line: code, period, place, what, why."""

USE = """
VISITS           2024   all           769          # 52×5 + (39×3 + 13×2) + 52×3 + (52×4 + 2) = 260+143+156+210
VISITS           2024   commune:14001 416          # 260 + 156
VISITS           2024   commune:14002 353          # 143 + 210
VISITS           2024   commune:14003 nothing_told # 004 alone was there
VISITS           2024   line:library  626          # 260+156+210
VISITS           2024   line:post     143          # 002
VISITS           2025   all           801          # 262+146+126+54+213
VISITS           2025   commune:20001 675          # both old communes of the whole year: 262+146+54+213
VISITS           2025   commune:14003 126          # 003: (2+5+4+4 + 27) × 3 since it opened; not the 6 before
VISITS           2025   site:TH-001   262          # 53×5 − 3 of the day that never came
VISITS           2025   site:TH-002   146          # (2+1+1+2)×3 + 8×3 + 27×4 − 4
VISITS           2025   site:TH-004   nothing_told # never
VISITS           2025   site:TH-005   54           # 18×3; not the 9 after it closed
VISITS           2025   site:TH-006   213          # 53×4 + 1: two memories of one day, 3 + 2
VISITS           2025M9 all           581          # 192 + 94 + 28×3 + 54 + 157
VISITS           2026Q1 all           197          # 72 + 36 + 36 + 53
VISITS           2026H1 all           418          # 150 + 88 + 75 + 105
VISITS           2026H1 commune:20001 343          # 150 + 88 + 105
VISITS           2026H1 site:TH-006   105          # 25×4 and 5 on a Sunday that was not planned
VISITS           12M    all           843          # 282+192+156+213
VISITS           2026YD all           299          # 18 Wednesdays to 12 May: 108+60+54+77
TOO_SHORT        2026H1 all           2            # 6 May
EXTENSIONS       2026H1 all           3            # 6 May
ASSISTED         2026H1 all           1            # 6 May
UNCLEAN          2026H1 all           1            # 6 May
PAGES            2026H1 all           7            # 6 May
OPENS            2026H1 all           5            # 4 + 1
OPENS_agri       2026H1 all           4            # agri/tomato
OPENS_OTHER      2026H1 line:library  1            # nobody/knows
OPENS_health     2026H1 all           0            # told, and none
MISSED           2026H1 all           3            # 6 May
END_time_up      2026H1 all           1            # 6 May
END_other        2026H1 all           1            # a code of newer software
END_signed_out   2026H1 all           418          # 418 + 2 − 2
END_power        2026H1 all           0            # none
PAGES            2025   all           0            # told, and none
classes          2026H1 all           1            # 6 May
class_people     2026H1 site:TH-001   14           # 6 May
books_on_hand    2026YD all           90           # the last word to 12 May is that of 6 May
LOOKS            2026H1 all           230          # 6 May
CLOCK_LOST       2026H1 all           1            # 6 May
PC_HOURS         2024   all           256.3        # 769 × 20 min = 256.33 h
PC_HOURS         2025   all           267.0        # 801 × 20 min
PC_HOURS         2026H1 all           137.7        # 413 × 20 min = 137.67 h; the 5 of Sunday say no time
NET_HOURS        2025   all           367.7        # 52×100 + 42×60 + 18×90 + 53×240 = 22,060 min = 367.67 h
NET_HOURS        2026H1 all           166.7        # 25×100 + 25×60 + 25×240 = 10,000 min
NET_HOURS        2025   line:post     0.0          # 002 has none
OPEN_HOURS       2025   all           771.7        # 52×200+53×100 + 40×240 + 42×120 + 18×180 + 53×240 = 46,300 min
OPEN_HOURS       2026H1 all           364.0        # 25×300 + 22×240 + 25×120 + 25×240+60 = 21,840 min
OPEN_HOURS       2025   site:TH-006   212.0        # 53×240; the day of two memories 100 + 140
USE_RATE         2025   all           34.6         # 16,020 min of 46,300 = 34.60
USE_RATE         2026H1 all           37.8         # 8,260 min of 21,840 = 37.82
USE_RATE         2025   site:TH-002   30.4         # 146×20 = 2,920 of 9,600 = 30.42
USERS            2024   all           155 low=134 high=254 # 56 + 32 + 17 + 50
USERS            2024   site:TH-001   56 low=48 high=84 # F 48 U 36 R 176: 48 + 48×36/224 = 48 + 7.7
USERS            2024   site:TH-002   32 low=24 high=60 # F 24 U 36 R 83: 24 + 24×36/107 = 24 + 8.1
USERS            2024   site:TH-005   17 low=12 high=60 # F 12 U 48 R 96: 12 + 12×48/108 = 12 + 5.3
USERS            2024   site:TH-006   50 low=50 high=50 # 4 a month, 6 in May as it was told at last
USERS            2025   all           161 low=144 high=228 # 56 + 31 + 20 + 6 + 48
USERS            2025   site:TH-002   31 low=24 high=56 # F 24 U 32 R 90: 24 + 24×32/114 = 24 + 6.7
USERS            2025   site:TH-003   20 low=20 high=20 # 2 a month from March on
USERS            2025   site:TH-005   6 low=4 high=20 # F 4 U 16 R 34: 4 + 4×16/38 = 4 + 1.7; it closed in April
USERS            2025   commune:14003 20 low=20 high=20 # 003
USERS            2026H1 all           85 low=78 high=113 # 34 + 15 + 12 + 24
USERS            12M    all           85 low=78 high=113 # of the year so far, whatever days were asked
USERS            2026YD all           57 low=52 high=75 # to the end of April: 23 + 10 + 8 + 16
USERS            2026YD site:TH-002   10 low=8 high=19 # F 8 U 11 R 37: 8 + 8×11/45 = 8 + 2.0
USERS            2025Q1 site:TH-002   6 low=6 high=11 # F 6 U 5 R 1: F + R under 20, so F
TARGET_USERS     2024   all           37           # a6 and c1: 32 + 5
TARGET_USERS     2025   all           33           # a8
TARGET_USERS     2026H1 all           not_released # none yet
FIRST            2024   all           134          # 48 + 24 + 12 + 50
FIRST            2025   all           144          # 48 + 24 + 20 + 4 + 48
FIRST            2026Q1 all           39           # 3 × (5 + 2 + 2 + 4)
FIRST            2026YD all           52           # January to April: 4 × 13
PLANNED_DAYS     2024   all           260          # 5 × 52
PLANNED_DAYS     2025   all           272          # 4×53 + 42 + 18
PLANNED_DAYS     2025   site:TH-003   42           # from 17 March
PLANNED_DAYS     2026H1 all           125          # 5 × 25
PLANNED_DAYS     2026YD site:TH-001   18           # to 12 May
REPORTED_DAYS    2024   all           208          # 4 × 52
REPORTED_DAYS    2025   all           218          # 53 + 52 + 42 + 18 + 53
REPORTED_DAYS    2026H1 all           100          # 4 × 25; no Sunday
OPEN_DAYS        2025   all           206          # 218 − 12 on which 002 was off
OPEN_DAYS        2026H1 all           100          # 002 was on in February
WORKING_DAYS     2025   all           206          # the same
WORKING_DAYS     2026H1 all           97           # but out of order on 3 days
COMPLETENESS     2024   all           80.0 208/260 # 004 never told
COMPLETENESS     2025   all           80.1 218/272 # 80.15
COMPLETENESS     2025   site:TH-002   98.1 52/53   # 12 November never came
COMPLETENESS     2025   site:TH-001   100.0 53/53  # of 20 August the other PC told
COMPLETENESS     2025   site:TH-004   0.0 0/53     # never
COMPLETENESS     2026H1 line:post     50.0 25/50   # 002 of 002 and 004
TIMELINESS       2024   all           99.6 259/260 # one day came after 40 days; the revised one had come in time
TIMELINESS       2025   all           100.0 270/270 # 105 + 52 + 42 + 18 + 53
TIMELINESS       2026H1 all           99.2 125/126 # 14 January came after 19 days; a Sunday is a day of a PC too
TIMELINESS_MONTH 2026H1 all           100.0 126/126 # on 2 February
TIMELINESS_MONTH 2024   all           99.6 259/260 # on 25 March
SEX_F            2024   all           12           # a1; a2 belongs to 2025, where it ends
SEX_M            2024   all           18           # a1
SEX_F            2025   all           70           # a2
SEX_M            2025   commune:20001 61           # a2
SEX_F            2026H1 all           not_released # none yet
SEX_F            2025   line:post     not_released # 001 is a library
AGE_31_59        2024   all           20           # a3
AGE_16_30        2024   all           18           # a4
AGE_U16          2024   all           7            # a5
AGE_60P          2024   all           5            # a5
ANYTARGET        2024   all           127          # a6 a7 c1: 32 + 90 + 5
ANYTARGET        2025   all           126          # a8 a9: 33 + 93
ANYTARGET        2024   commune:14002 5            # c1
GRP_POOR         2024   all           11           # b1
GRP_NEARPOOR     2024   all           9            # b1
GRP_ETHMIN       2024   all           not_released # c2 ends in 2025
GRP_ETHMIN       2025   all           6            # c2
GRP_DISAB        2025   all           not_released # never
NO_PICTURE       2024   all           84           # 12 × (2 + 1 + 4)
NO_GROUPS        2024   all           72           # 12 × (1 + 3 + 2)
NO_PICTURE       2026Q1 all           21           # 3 × 7
HELD_PICTURES    2024   all           655          # 260−24−30 + 143−12 + 156 + 210−48 = 206+131+156+162
HELD_GROUPS      2024   all           527          # 260−12−150 + 143−36 + 156 + 210−24−20 = 98+107+156+166
HELD_PICTURES    2025   site:TH-001   313          # 522 − 48 − 161, since the beginning
HELD_PICTURES    2025   all           1247         # 313 + 289−24 + 132 + 210 + 423−96
HELD_GROUPS      2025   site:TH-006   355          # 423 − 48 − 20
PCS              2024   all           7            # 2 + 1 + 3 + 1; of 006 nobody knows
PCS              2025   all           7            # 2 + 1 + 1 + 3; 005 is closed at the year's end
PCS              2024   commune:14001 3            # 2 + 1
PCS_ENROLLED     2025   all           6            # 3 + 1 + 2 (JOINED in figures_worlds.py); not those of 099
PCS_WORKING_RATE 2025   all           95.6 258/270 # 105 + 40 + 42 + 18 + 53 of 270: 95.56
"""
