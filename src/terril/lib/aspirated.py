"""Before which words in h is nothing elided: « le handicap », « du Havre », « de Hem »?

Common nouns of the field, then names of places. All other words in h are elided, which is
right for « l’hôpital », « d’Hazebrouck », « d’Hérouville », « d’Hyères ».
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
hache haie haine halage hall halle halles halte hamac hameau hameaux hampe hanche handball
handicap handicaps handicapé handicapée handicapés handicapées hangar hangars hanter happer
harcèlement harceler hardi hardie hareng haricot harnais harpe hasard hasards hausse hausses
haut haute hauts hautes hauteur hauteurs havre hérisson hernie héron héros herse hêtre heurt
hic hideux hiérarchie hiérarchique hiérarchiser hisser hlm hobby hochet hockey hollandais
homard hongrois honte honteux hoquet hors hors-sol hotte houblon houille houillère
houillères houiller houle housse houx hublot huche huée huit huitaine huitième huitièmes
hurlement hutte hague ham hambourg hanovre hardelot harfleur harnes havre haye hem hendaye
hollande hongrie honfleur houilles houlgate hossegor hautot hautepierre hautmont hautvillers
hautefort
"""
H_ASPIRE: Final[frozenset[str]] = frozenset(_WORDS.split())
