"""Word cards: the page's own SLIP-39 against the vectors of the standard, and against another maker both ways."""

import json
import secrets
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from shamir_mnemonic import combine_mnemonics, generate_mnemonics

from dev.assets import PACKAGES, SOURCE, card_words, node_environment

pytestmark = pytest.mark.once
VECTORS = PACKAGES / "slip39" / "test" / "vectors.json"
PASSPHRASE = "TREZOR"
ASK = """
import {combine, split} from "./slip39.mjs";
const {words, opened, made} = JSON.parse(await new Response(process.stdin).text());
const hex = bytes => Buffer.from(bytes).toString("hex");
const said = [];
for (const {cards, passphrase} of opened) {
  try { said.push(hex(await combine(cards, words, passphrase))); } catch (error) { said.push(error.message); }
}
const split_ = [];
for (const secret of made) split_.push((await split(Buffer.from(secret, "hex"), words)).map(card => card.join(" ")));
process.stdout.write(JSON.stringify([said, split_]));
"""


def in_node(folder: Path, opened: list[dict[str, Any]], made: list[str]) -> tuple[list[str], list[list[str]]]:
    """Combine these sets of cards and split these secrets with the script of the pages."""
    env = node_environment()
    script = (SOURCE / "sealing" / "slip39.js").read_text(encoding="utf-8")
    (folder / "slip39.mjs").write_text(script, encoding="utf-8")
    (folder / "ask.mjs").write_text(ASK, encoding="utf-8")
    told = json.dumps({"words": card_words(env), "opened": opened, "made": made})
    done = subprocess.run(
        ["node", "ask.mjs"],  # noqa: S607 - the one that builds the pages
        cwd=folder, env=env, input=told, text=True, capture_output=True, check=True,
    )  # fmt: skip
    said, split = json.loads(done.stdout)
    return said, split


def test_cards_are_those_of_the_standard_and_of_other_makers(tmp_path: Path) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert len(vectors) == 45
    own = [secrets.token_bytes(32) for _one in range(3)] + [secrets.token_bytes(16), bytes(32)]
    theirs = [generate_mnemonics(1, [(2, 3)], secret)[0] for secret in own]
    opened = [{"cards": cards, "passphrase": PASSPHRASE} for _name, cards, *_rest in vectors]
    opened += [{"cards": cards[1:], "passphrase": ""} for cards in theirs]
    changed = theirs[0][0].split()
    changed[9], changed[10] = changed[10], changed[9]
    spoiled = [[theirs[0][0]], [theirs[0][0], theirs[0][0]], [theirs[0][0], theirs[1][1]], ["no such words"]]
    spoiled.append([" ".join(changed), theirs[0][1]])
    opened += [{"cards": cards, "passphrase": ""} for cards in spoiled]
    said, split = in_node(tmp_path, opened, [secret.hex() for secret in own])
    for (name, _cards, wanted, *_rest), found in zip(vectors, said, strict=False):
        assert (found == wanted) if wanted else found.startswith("card"), name
    assert said[45 : 45 + len(own)] == [secret.hex() for secret in own]
    assert said[45 + len(own) :] == ["cards-few", "cards-few", "cards-differ", "card-word", "card-wrong"]
    for secret, cards in zip(own, split, strict=True):
        assert len(cards) == 3
        assert [combine_mnemonics(two) for two in combinations(cards, 2)] == [secret] * 3
