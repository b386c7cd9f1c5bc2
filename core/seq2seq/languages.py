"""How a model is told which languages to translate between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import BackendError, ConfigError
from core.text.language_codes import find_code, is_same_language

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Language tokens of NLLB (`swh_Latn`) and mBART-50 (`en_XX`).
_TOKEN = re.compile(r"[a-z]{2,3}_[A-Z][A-Za-z]{1,3}")
# Names of OPUS-MT models end in their languages: `opus-mt-en-de`, `opus-mt-tc-big-en-zls`.
_NAME = re.compile(r"opus-mt-(?:.*-)?([^-]+)-([^-]+)\Z")
# What OPUS-MT models call several languages: language families (ISO 639-5), all languages, and
# Serbo-Croatian. Lists (`de_fr`) and upper case (`ROMANCE`) also stand for several.
_FAMILIES = """
mul sh hbs aav afa alg alv apa aqa aql art ath auf aus awd azc bad bai bat ber bih bnt btk cai
cau cba ccn ccs cdc cdd cel cmc cpe cpf cpp crp csu cus day dmn dra egx esx euq fiu fox gem gme
gmq gmw grk hmx hok hyx iir ijo inc ine ira iro itc jpx kar kdo khi kro map mkh mno mun myn nah
nai ngf nic nub omq omv oto paa phi plf poz pqe pqw pra qwe roa sai sal sdv sem sgn sio sit sla
smi son sqj ssa syd tai tbq trk tup tut tuw urj wak wen xgn xnd ypk zhx zle zls zlw znd
"""


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of translation in a model's own terms.

    Attributes:
        source_code: what the tokenizer calls the source language; empty where it has no say.
        target_code: the same for the target language.
        prefix: what is written before the source text.
        first_token: id of the token that every translation begins with, which names the language;
            None where translations begin with their first word.
    """

    source_code: str = ""
    target_code: str = ""
    prefix: str = ""
    first_token: int | None = None


def find_direction(
    name: str, tokenizer: PreTrainedTokenizerBase, source: str, target: str
) -> Direction:
    """Say how a model is told to translate from one language into another.

    Args:
        name: what the user called the model.
        tokenizer: its tokenizer.
        source: BCP-47 code.
        target: BCP-47 code.

    Raises:
        ConfigError: the model does not know a language (code unknown-language).
        BackendError: the model does not tell its languages (code model-unusable).
    """
    if hasattr(tokenizer, "supported_language_codes"):  # Marian
        return _of_pair_model(name, tokenizer, source, target)
    ids = _language_ids(tokenizer)
    if not ids:
        raise BackendError(
            f"model {name!r} must name languages by tokens, as NLLB-200, M2M100 and mBART-50 do, "
            "or be a Marian model",
            code="model-unusable",
        )
    codes = []
    for language in (source, target):
        code = find_code(language, ids)
        if code is None:
            raise _unknown(name, language, f"it knows {len(ids)} others")
        codes.append(code)
    return Direction(codes[0], codes[1], first_token=ids[codes[1]])


def _language_ids(tokenizer: Any) -> dict[str, int]:
    """Return the id of each language token by the code the tokenizer takes."""
    # mBART-25 has such tokens too, but behind the text, and its translations begin in another way.
    if not hasattr(tokenizer, "src_lang") or type(tokenizer).__name__ == "MBartTokenizer":
        return {}
    if hasattr(tokenizer, "lang_code_to_id"):  # M2M100
        return dict(tokenizer.lang_code_to_id)
    tokens = {*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()}
    return {
        token: tokenizer.convert_tokens_to_ids(token)
        for token in sorted(tokens)
        if _TOKEN.fullmatch(token)
    }


def _of_pair_model(name: str, tokenizer: Any, source: str, target: str) -> Direction:
    own_source, own_target = _own_languages(name, tokenizer)
    if not _covers(own_source, source):
        raise _unknown(name, source, f"it translates from {own_source}")
    prefixes = tokenizer.supported_language_codes
    if not prefixes:
        if not _covers(own_target, target):
            raise _unknown(name, target, f"it translates into {own_target}")
        return Direction()
    prefix = find_code(target, prefixes)
    if prefix is None:
        raise _unknown(name, target, f"it translates into {', '.join(prefixes)}")
    return Direction(prefix=f"{prefix} ")


def _own_languages(name: str, tokenizer: Any) -> tuple[str, str]:
    if tokenizer.source_lang and tokenizer.target_lang:
        return tokenizer.source_lang, tokenizer.target_lang
    named = _NAME.search(name)
    if named is None:
        raise BackendError(
            f"model {name!r} must tell its languages, got none in its tokenizer or name",
            code="model-unusable",
            hint="set source_lang and target_lang in its tokenizer_config.json",
        )
    return named[1], named[2]


def _covers(own: str, language: str) -> bool:
    several = own in _FAMILIES.split() or own.isupper() or "_" in own or "+" in own
    return several or is_same_language(own, language)


def _unknown(name: str, language: str, instead: str) -> ConfigError:
    return ConfigError(
        f"model {name!r} must know the language {language!r}; {instead}",
        code="unknown-language",
        hint="choose a model that knows it",
    )
