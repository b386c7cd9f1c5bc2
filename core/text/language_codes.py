"""What translation models call a language: BCP-47 and ISO 639 codes, and those of FLORES-200.

Paper: NLLB Team et al. 2022, arXiv:2207.04672, table 1 (the codes of FLORES-200).
Departs: none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

# A language a line: all its codes, the one of BCP-47 first, then its FLORES-200 codes (those with
# a script), the usual one first. Where ISO 639-3 splits a language that others count as one, the
# member that FLORES-200 chose is listed too (sw, swa and swh).
_ALIASED = """
af afr afr_Latn
ak aka aka_Latn
am amh amh_Ethi
ar ara arb arb_Arab
as asm asm_Beng
ay aym ayr ayr_Latn
az aze azj azj_Latn
ba bak bak_Cyrl
be bel bel_Cyrl
bg bul bul_Cyrl
bm bam bam_Latn
bn ben ben_Beng
bo bod tib bod_Tibt
bs bos bos_Latn
ca cat cat_Latn
cs ces cze ces_Latn
cy cym wel cym_Latn
da dan dan_Latn
de deu ger deu_Latn
dz dzo dzo_Tibt
ee ewe ewe_Latn
el ell gre ell_Grek
en eng eng_Latn
eo epo epo_Latn
es spa spa_Latn
et est ekk est_Latn
eu eus baq eus_Latn
fa fas per pes pes_Arab
ff ful fuv fuv_Latn
fi fin fin_Latn
fj fij fij_Latn
fo fao fao_Latn
fr fra fre fra_Latn
ga gle gle_Latn
gd gla gla_Latn
gl glg glg_Latn
gn grn grn_Latn
gu guj guj_Gujr
ha hau hau_Latn
he iw heb heb_Hebr
hi hin hin_Deva
hr hrv hrv_Latn
ht hat hat_Latn
hu hun hun_Latn
hy hye arm hye_Armn
id in ind ind_Latn
ig ibo ibo_Latn
is isl ice isl_Latn
it ita ita_Latn
ja jpn jpn_Jpan
jv jav jav_Latn
ka kat geo kat_Geor
kg kon kon_Latn
ki kik kik_Latn
kk kaz kaz_Cyrl
km khm khm_Khmr
kn kan kan_Knda
ko kor kor_Hang
kr kau knc knc_Latn knc_Arab
ks kas kas_Arab kas_Deva
ku kur kmr kmr_Latn
ky kir kir_Cyrl
lb ltz ltz_Latn
lg lug lug_Latn
li lim lim_Latn
ln lin lin_Latn
lo lao lao_Laoo
lt lit lit_Latn
lv lav lvs lvs_Latn
mg mlg plt plt_Latn
mi mri mao mri_Latn
mk mkd mac mkd_Cyrl
ml mal mal_Mlym
mn mon khk khk_Cyrl
mr mar mar_Deva
ms msa may zsm zsm_Latn
mt mlt mlt_Latn
my mya bur mya_Mymr
nb no nob nor nob_Latn
ne nep npi npi_Deva
nl nld dut nld_Latn
nn nno nno_Latn
nso ns nso_Latn
ny nya nya_Latn
oc oci oci_Latn
om orm gaz gaz_Latn
or ori ory ory_Orya
pa pan pan_Guru
pl pol pol_Latn
ps pus pbt pbt_Arab
pt por por_Latn
qu que quy quy_Latn
rn run run_Latn
ro ron rum ron_Latn
ru rus rus_Cyrl
rw kin kin_Latn
sa san san_Deva
sc srd srd_Latn
sd snd snd_Arab
sg sag sag_Latn
si sin sin_Sinh
sk slk slo slk_Latn
sl slv slv_Latn
sm smo smo_Latn
sn sna sna_Latn
so som som_Latn
sq sqi alb als als_Latn
sr srp srp_Cyrl
ss ssw ssw_Latn
st sot sot_Latn
su sun sun_Latn
sv swe swe_Latn
sw swa swh swh_Latn
ta tam tam_Taml
te tel tel_Telu
tg tgk tgk_Cyrl
th tha tha_Thai
ti tir tir_Ethi
tk tuk tuk_Latn
tl tgl fil tgl_Latn
tn tsn tsn_Latn
tr tur tur_Latn
ts tso tso_Latn
tt tat tat_Cyrl
tw twi twi_Latn
ug uig uig_Arab
uk ukr ukr_Cyrl
ur urd urd_Arab
uz uzb uzn uzn_Latn
vi vie vie_Latn
wo wol wol_Latn
xh xho xho_Latn
yi yid ydd ydd_Hebr
yo yor yor_Latn
zh zho chi cmn zho_Hans zho_Hant
zu zul zul_Latn
ace ace_Latn ace_Arab
bjn bjn_Latn bjn_Arab
taq taq_Latn taq_Tfng
"""
# Languages with one code, which is also the beginning of their FLORES-200 code.
_PLAIN = """
acm_Arab acq_Arab aeb_Arab ajp_Arab apc_Arab ars_Arab ary_Arab arz_Arab ast_Latn awa_Deva azb_Arab
ban_Latn bem_Latn bho_Deva bug_Latn ceb_Latn cjk_Latn ckb_Arab crh_Latn dik_Latn dyu_Latn fon_Latn
fur_Latn hne_Deva ilo_Latn kab_Latn kac_Latn kam_Latn kbp_Latn kea_Latn kmb_Latn lij_Latn lmo_Latn
ltg_Latn lua_Latn luo_Latn lus_Latn mag_Deva mai_Deva min_Latn mni_Beng mos_Latn nus_Latn pag_Latn
pap_Latn prs_Arab sat_Beng scn_Latn shn_Mymr szl_Latn tpi_Latn tum_Latn tzm_Tfng umb_Latn vec_Latn
war_Latn yue_Hant
"""
# Where Chinese is written in traditional characters.
_TRADITIONAL = frozenset({"TW", "HK", "MO"})


@dataclass(frozen=True, slots=True)
class _Language:
    names: tuple[str, ...]
    flores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tag:
    """The parts of a code that matter here: `zh-TW` is zh in traditional script."""

    base: str
    script: str = ""


def language_names(language: str) -> tuple[str, ...]:
    """List the codes of a language, the one of BCP-47 first.

    >>> language_names("swh_Latn")
    ('sw', 'swa', 'swh')
    """
    return _look_up(_parse(language).base).names


def flores_code(language: str) -> str | None:
    """Return the FLORES-200 code of a language, as NLLB-200 uses it.

    Args:
        language: BCP-47, ISO 639-1, ISO 639-3 or FLORES-200 code; a region only matters where it
            tells the script.

    Returns:
        The code, or None where FLORES-200 does not have the language, or not in this script.

    >>> flores_code("sw"), flores_code("zh-Hant"), flores_code("pcm")
    ('swh_Latn', 'zho_Hant', None)
    """
    tag = _parse(language)
    found = _look_up(tag.base).flores
    return next((code for code in found if code.endswith(tag.script)), None)


def find_code(language: str, known: Iterable[str]) -> str | None:
    """Find what a model calls a language.

    Args:
        language: BCP-47, ISO 639-1, ISO 639-3 or FLORES-200 code.
        known: the model's own codes, such as `swh_Latn`, `sw`, `en_XX` or `>>deu<<`.

    Returns:
        One of `known`, or None. A code that names no script serves for all; one that names another
        script than the language's serves only where none was asked for.
    """
    codes = {code: _parse(code.strip("<>_")) for code in known}
    tag, usual = _parse(language), flores_code(language)
    if usual in codes:
        return usual
    script = tag.script or (usual or "").partition("_")[2]
    names = _look_up(tag.base).names
    for wanted in ({"", script}, {"", script} if tag.script else None):
        for name in names:
            for code, found in codes.items():
                if found.base == name and (wanted is None or found.script in wanted):
                    return code
    return None


def is_same_language(first: str, second: str) -> bool:
    """Tell whether two codes name one language, whatever the script.

    >>> is_same_language("deu", "de-AT")
    True
    """
    return language_names(first)[0] == language_names(second)[0]


def _parse(code: str) -> _Tag:
    base, *rest = code.replace("_", "-").split("-")
    base = base.lower()
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), "")
    if not script and base in _look_up("zh").names:
        script = "Hant" if _TRADITIONAL & {part.upper() for part in rest} else ""
    return _Tag(base, script)


def _look_up(base: str) -> _Language:
    return _languages().get(base, _Language((base,)))


@cache
def _languages() -> dict[str, _Language]:
    found = {}
    plain = (f"{code.partition('_')[0]} {code}" for code in _PLAIN.split())
    for line in (*_ALIASED.strip().splitlines(), *plain):
        codes = line.split()
        language = _Language(
            tuple(code for code in codes if "_" not in code),
            tuple(code for code in codes if "_" in code),
        )
        found.update(dict.fromkeys(language.names, language))
    return found
