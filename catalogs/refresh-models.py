#!/usr/bin/env python3
"""Merge the model names of litellm's price lists into models.tsv and providers.txt.

    refresh-models.py SOURCE... [--date YYYY-MM-DD] [--check]

SOURCE is a litellm wheel, or the JSON file of the price list taken out of one
(`model_prices_and_context_window_backup.json`). Only a wheel also carries litellm's
provider enum. Nothing is fetched: see docs/refreshing-models.md.

Names and providers already listed stay for ever: a name that was public once is public, and
taking it off would turn yesterday's counts into REDACTED. Standard library only.
"""

import argparse
import ast
import datetime
import json
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODELS = HERE / "models.tsv"
PROVIDERS = HERE / "providers.txt"

PRICES = "litellm/model_prices_and_context_window_backup.json"
ENUM_FILES = ("litellm/types/utils.py", "litellm/__init__.py")

# A model one can send a message to. Embeddings, images, speech, ... are never a main model.
MODES = {"chat", "completion", "responses"}

# Where a model runs says where its user is, so it is cut: `us.anthropic.claude-...`,
# `bedrock/eu-west-1/...`, `azure/global-standard/...`. `src/models/cut.rs` cuts what tools send by
# the same words; keep the two alike.
AREAS = "us|us-gov|eu|ap|apac|au|ca|global|in|jp|sa"
AREA = re.compile(rf"(?:{AREAS}|global-standard)$")
ZONE = re.compile(r"(?:af|ap|ca|eu|il|me|mx|sa|us|us-gov|us-iso)-[a-z]+-[0-9]$")
TERM = re.compile(r"(?:\*|[0-9]+-month-commitment)$")
DOTTED_AREA = re.compile(rf"(?:{AREAS})\.(?=[a-z0-9]+\.)")

# The price list files some names under a finer provider than the one a user writes before the
# slash. Both are kept, so that `openai/gpt-3.5-turbo-instruct` is the listed name.
WRITTEN_AS = {
    "azure_text": "azure",
    "bedrock_converse": "bedrock",
    "cohere_chat": "cohere",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "text-completion-openai": "openai",
}

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$")
PROVIDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}$")


def without_region(name):
    """The name without the region, zone or contract term it is priced for."""
    head, slash, last = name.rpartition("/")
    parts = [
        part
        for part in head.split("/")
        if part and not (AREA.match(part) or ZONE.match(part) or TERM.match(part))
    ]
    return "/".join([*parts, DOTTED_AREA.sub("", last, count=1)])


def providers_of(entry):
    """The provider of a price entry as users write it before the slash, and as listed."""
    listed = entry.get("litellm_provider")
    if not isinstance(listed, str) or not PROVIDER.match(listed):
        return set()
    if listed.startswith("vertex_ai-"):
        return {"vertex_ai"}
    return {listed, WRITTEN_AS.get(listed, listed)}


def provider_enum(source):
    """The values of `class LlmProviders` in a Python file, found without running it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name == "LlmProviders":
            return {
                item.value.value
                for item in node.body
                if isinstance(item, ast.Assign)
                and isinstance(item.value, ast.Constant)
                and isinstance(item.value.value, str)
            }
    return set()


def read_source(path):
    """(label, price list, provider enum) of a wheel or a JSON file."""
    if path.suffix == ".json":
        return None, json.loads(path.read_text(encoding="utf-8")), set()
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        enum = set()
        for name in ENUM_FILES:
            if name in names:
                enum |= provider_enum(wheel.read(name).decode("utf-8"))
        if not enum:
            raise SystemExit(f"{path}: no class LlmProviders found; has litellm moved it?")
        label = "litellm " + path.name.split("-")[1]
        return label, json.loads(wheel.read(PRICES)), enum


def collect(prices, models, providers):
    """Add what one price list names to `models` (name -> providers) and `providers`."""
    for key, entry in prices.items():
        if not isinstance(entry, dict):
            continue
        listed = entry.get("litellm_provider")
        if isinstance(listed, str) and listed != "None" and PROVIDER.match(listed):
            providers.add(listed)
        if entry.get("mode") not in MODES:
            continue
        name = without_region(key)
        if not NAME.match(name):
            print(f"skipped, not a plain name: {key!r}", file=sys.stderr)
            continue
        models.setdefault(name, set()).update(providers_of(entry))
        first, slash, _ = name.partition("/")
        if slash and PROVIDER.match(first):
            providers.add(first)


def read_existing():
    models, providers, sources, date = {}, set(), [], None
    if MODELS.exists():
        for line in MODELS.read_text(encoding="utf-8").splitlines():
            if line.startswith("# sources: "):
                sources = line.removeprefix("# sources: ").split(", ")
            elif line.startswith("# date: "):
                date = line.removeprefix("# date: ")
            elif line and not line.startswith("#"):
                name, _, listed = line.partition("\t")
                models[name] = set(filter(None, listed.split(",")))
    if PROVIDERS.exists():
        for line in PROVIDERS.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                providers.add(line)
    return models, providers, sources, date


def render(models, providers, sources, date):
    head = [
        "# Public names of models that take messages: NAME<TAB>PROVIDER[,PROVIDER...], sorted.",
        "# A name once listed is never removed. Regions are cut. Made by refresh-models.py,",
        "# see docs/refreshing-models.md.",
        "# sources: " + ", ".join(sources),
        "# date: " + date,
    ]
    rows = [f"{name}\t{','.join(sorted(models[name]))}" for name in sorted(models)]
    provider_head = [
        "# Public names of providers, one a line, sorted. What stands before the slash of a name",
        "# that is not public is kept only when it is one of these. Made by refresh-models.py.",
    ]
    return (
        "\n".join(head + rows) + "\n",
        "\n".join(provider_head + sorted(providers)) + "\n",
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("source", nargs="+", type=Path, help="litellm wheel or price list JSON")
    arguments.add_argument("--date", help="date of the list; default: today, when it grew")
    arguments.add_argument("--check", action="store_true", help="write nothing; 1 if it would grow")
    args = arguments.parse_args()

    models, providers, sources, date = read_existing()
    before = ({name: set(listed) for name, listed in models.items()}, set(providers), list(sources))
    for path in args.source:
        label, prices, enum = read_source(path)
        collect(prices, models, providers)
        providers |= {name for name in enum if PROVIDER.match(name)}
        if label and label not in sources:
            sources.append(label)
    grew = before != (models, providers, sources)
    added = len(models) - len(before[0]), len(providers) - len(before[1])
    print(f"{len(models)} models (+{added[0]}), {len(providers)} providers (+{added[1]})")
    if args.check:
        return 1 if grew else 0
    if grew or args.date:
        date = args.date or datetime.date.today().isoformat()
    models_text, providers_text = render(models, providers, sources, date)
    MODELS.write_text(models_text, encoding="utf-8")
    PROVIDERS.write_text(providers_text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
