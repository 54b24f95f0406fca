"""The figures of the two sheets of the mock-up, and of the QPV they are compared with.

One line an indicator: theme, label of page 1 ("" when it is not in the spine), label of
page 2, direction, decimals, period, the 21 QPV in order of their codes ("-" unknown),
agglomeration, then the communes of QP062019 and of QP062029 (one value: their mean).
"""

from __future__ import annotations

CODES = [
    f"QP0620{n:02d}"
    for n in (2, 16, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 45, 47)
]

TABLE = """
demographie||Moins de 25 ans|0|1|2015|34.9 39.7 40.8 39.1 36.8 38.8 36.2 37.1 40.1 45.7 37.3 38.2 39.9 41.3 39.9 34.6 38.8 45.5 39.9 33.8 39.6|33.0|35.6|- - -
demographie||75 ans et plus|0|1|2015|11.9 6.7 4.8 6.8 9.6 6.4 6.9 6.3 3.5 5.7 7.4 5.4 5.6 5.8 6.4 6.5 6.4 - 6.5 9.8 6.6|8.4|6.7|- - -
demographie||Indice de jeunesse, rapport|0|1|2015|1.2 2 2 1.8 1.4 2.2 1.6 1.5 2.1 2.8 1.4 1.7 1.9 1.9 2.1 1.8 1.8 3 2.1 1.3 1.8|1.2|1.5|1.1
demographie|Familles monoparentales, CAF|Familles monoparentales, CAF|-1|1|2017|19.7 18.1 20.7 19 17.3 17.3 14.4 18.8 21 18.3 22.6 19.8 16.2 24 19 18 18.5 19.1 18.5 19.8 18.3|16.5|17.7|16.7 18.0 16.2
demographie|Personnes isolées, CAF|Personnes isolées, CAF|-1|1|2017|37.3 34 44.5 43.1 43.5 33.2 42.1 39.4 48.1 36.5 43.2 43.4 42.2 37.4 35 46.8 43.4 34.3 31.4 43.9 39.9|37.8|37.3|41.1 33.3 33.1
demographie|Bénéficiaires du RSA, CAF|Bénéficiaires du RSA, CAF|-1|1|2017|27.9 23.9 39.4 28.1 33.5 26.9 30.4 29.9 35.3 34.9 41.4 35.9 28.8 35.2 22.4 23.5 32.6 33.2 25.2 27.1 29|23.2|25.9|27.5 30.0 20.9
revenus|Revenu médian, par an|Revenu médian par UC, en €|1|0|2015|13565 13809 12093 12811 13051 13417 12985 13192 11922 12367 12432 12977 13328 12620 13086 13159 12905 12500 13289 13107 12860|16556|15571|15431 15140 18036
revenus||Taux de pauvreté|-1|1|2015|38.3 39.8 52.3 46.8 43.7 39.5 45.1 43.2 53.1 49.5 49.2 44.5 41.5 47.5 41.9 43.5 45.8 46.9 41.1 43.8 44.3|25.9|-|- - -
revenus|Ménages imposés|Ménages imposés|1|1|2015|19.6 22.8 15.7 19 19.3 21.1 20.7 23.3 17.3 28.4 17.3 20.2 20.9 15.8 - 21.1 20 - 23.4 18.9 20.1|38.2|33.3|34.1 36.2 45.3
revenus|À 100 % de prestations, CAF|À 100 % de prestations, CAF|-1|1|2017|19.2 15.4 36.2 23.6 25.8 24.1 27 27.2 32.7 33.3 38.2 32.2 25.5 29.8 17.6 25.4 30.8 27.5 23.5 24.2 23.5|21.3|24.4|25.6 27.9 19.4
sante|Bénéficiaires de la CMU-C|Bénéficiaires de la CMU-C|-1|1|2018|25 22.3 40.2 36.2 34 26 31.5 30.2 38.1 37.4 41.4 35.3 26.9 40.6 22.7 22.5 31.9 38.8 25 27.9 30.8|17.8|20.8|- - -
sante|Bénéficiaires de l’ACS|Bénéficiaires de l’ACS|-1|1|2018|3.6 4.2 6.8 6.2 4.2 5.6 7.4 7.7 7.2 5.5 5.7 5.9 7 6.8 5.5 4.7 5.8 5.2 3.7 6.7 6.1|4.1|4.9|- - -
sante|Sans mutuelle|Sans mutuelle|-1|1|2018|13 15.8 14.5 14.7 16.1 14.5 14.4 14.3 11.5 13.1 14.6 13.2 14.2 12.9 19.7 14.9 13.5 17.7 14.2 12.7 13.1|14.3|14.5|- - -
sante|Affection de longue durée|Affection de longue durée|-1|1|2018|18.7 16.1 17.2 17.4 16.8 16.6 16.5 17 16.7 13.9 17.6 17 17.6 16.3 14.7 16.9 17.8 14.4 17 18.3 15.3|18.4|17.7|- - -
sante||Sans médecin traitant|-1|1|2018|5 5.7 8.4 5.4 6 4.8 5.5 6.6 7.2 8.2 5.8 4.8 6.3 5.1 6.3 5.5 6 7.6 4.5 6.9 5.1|5.1|6.0|- - -
sante||Bénéficiaires de l’AAH, CAF|-1|1|2017|7.7 8.8 10.8 9.2 6.9 9.6 12.1 10.4 13.5 9.5 13.4 9.5 9.6 8.8 9.2 18.8 11.2 10.7 8.2 10.8 8.1|9.3|-|- - -
education||Retard à l’entrée en 6e|-1|0|2017|- - s - - - - - - 16 - 14 s - - - 12 - 15 16 25|8|-|- - -
education|Retard à l’entrée en 3e|Retard à l’entrée en 3e|-1|0|2017|- - 19 - - 19 30 21 16 - 24 - s - - - 18 23 - 20 33|12|17|- - -
education|Voie générale ou technologique|Voie générale ou technologique|1|0|2017|46 39 59 31 60 49 51 57 46 47 41 40 38 32 43 53 50 56 45 41 36|60|61|56
education||… chez les filles|1|0|2017|51 58 65 60 60 48 49 45 55 64 63 53 53 62 48 48 65 56 56 62 46|56|-|- - -
education|Jeunes sans études ni emploi|Jeunes sans études ni emploi|-1|1|2017|28.4 32 47.6 43.4 37.8 40.6 - 38.9 44.7 - - 48.5 31.6 53.7 40.7 36 37.8 - 36 42.6 36.1|29.5|31.0|32.0
education||Moins de 3 ans en maternelle|1|0|2017|4 18 13 7 9 12 12 36 - 14 - 10 9 10 12 13 8 - - 14 -|11|10|12
emploi||Taux d’emploi, 15-64 ans|1|1|2015|42.4 44.6 30.9 40.5 40.6 42.3 35.7 35.7 34.7 37.3 28.8 37.3 38.4 33.9 40.9 41.9 38.1 36.1 43.9 34.9 41.6|51.9|48.5|47.1
emploi||Taux d’emploi des femmes|1|1|2015|33.8 36.6 20.9 31.9 35.1 33.2 27.7 28.6 30.6 40.5 24 27.1 29 30.9 30 31.5 29.4 28.3 35 26.8 29.7|46.2|-|- - -
emploi||Taux de chômage|-1|1|2015|32.8 30.6 44.0 30.7 37.6 33.1 35.9 42.6 42.4 41.5 49.2 39.6 34.1 42.2 33.5 31.1 36.3 37.0 30.8 39.5 33.2|22.2|-|- - -
emploi|Demandeurs d’emploi au RSA|Demandeurs d’emploi au RSA|-1|1|fin 2018|34.3 22.1 33 32.5 26.7 24.9 24.8 27.3 36.6 30.1 39.1 32.3 24.3 32.1 16.3 36.4 30.5 26.4 23.5 26.6 29.1|22.1|23.5|25.8
emploi|… de niveau inférieur au CAP|… de niveau inférieur au CAP|-1|1|fin 2017|15.4 20.4 20.7 19.1 20.7 19.3 20.1 19.1 20.5 22.7 24.3 19.9 20.4 18.8 18.9 15.9 18.1 20.1 17.8 18.9 18.5|15.6|15.7|17.6
emploi|… de niveau supérieur au bac|… de niveau supérieur au bac|1|1|fin 2017|8.9 8.5 7.7 6.5 9.4 5.3 11.1 11.1 9.4 8.2 10 8.9 8.3 6.4 7.4 7 10.6 8.5 6.1 6 8.1|13.3|12.1|12.8
habitat||Logements sociaux occupés|0|1|2018|85 33.4 66.8 76.4 80.4 82.4 86.3 57.4 78.3 59.2 75.9 75.6 77.6 84.3 92.3 74.5 69.2 61.7 63.3 87.2 80.4|37.8|-|- - -
habitat||Logements vacants|-1|1|2018|4.3 7.9 17 9.9 12.3 5.3 7.4 23.1 12.6 14.7 16.4 9.4 9.3 8.3 3.4 10.9 9.6 9.7 8.2 10.5 6.2|9.0|-|- - -
habitat||Impayés de plus de trois mois|-1|0|2016|19 21 11 23 18 24 22 46 9 44 30 15 17 23 7 27 20 25 30 14 21|18|-|- - -
habitat|Indice de fragilité du parc social|Indice de fragilité, base 100|-1|0|2016|93 97 100 115 109 105 120 148 91 137 115 99 100 114 76 108 101 109 127 91 106|95|-|- - -
"""  # noqa: E501

#: the neighbourhoods of the schematic map: short name, column, row, themes in difficulty
TILES = """
QP062002|Camus|1|4|0
QP062016|Saint-Élie – Fosse 13|3|0|0
QP062019|République – Cité 4|3|4|4
QP062020|Cité des Brebis|0|1|1
QP062021|Transvaal – Centre|5|3|1
QP062022|Cités 5 et 11|1|2|0
QP062023|Cité Bellevue|5|2|0
QP062024|Cité 12-14|3|2|1
QP062025|Grande Résidence|3|1|4
QP062026|Cité 2|4|2|3
QP062027|Sellier – Cité 4|2|3|5
QP062028|Calonne – Marichelles – Vent de Bise|1|3|2
QP062029|Hauts de Liévin – Provinces – 9-9bis|2|2|0
QP062030|Blum – Salengro – 109|2|4|3
QP062031|3 Cités|1|1|0
QP062032|Cité 10|0|2|1
QP062033|Blanches Laines – Fosses 11, 12, 13|3|3|1
QP062034|Quartier du 3/15|4|3|2
QP062035|Cité des Taberneaux|4|0|0
QP062045|Maroc – La Canche|4|4|1
QP062047|Languedoc – Cité 10|5|4|0
"""
