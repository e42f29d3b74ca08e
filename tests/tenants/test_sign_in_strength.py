"""Which passwords may be chosen."""

import pytest
from flask import Flask

from tenants.sign_in.strength import COMMON, WeakPassword, check_choice, common_words

OWN = ("Henk Bakker", "henk@bakkerijdehalm.example", "Bakkerij De Halm")


@pytest.mark.parametrize(
    "password",
    [
        "brood op de plank", "een lange zin om te onthouden", "anker-appel-balkon-123", "xkq8-zrw2-pl4m",
        "ひらがなのながいあいことばです", "tulp fiets kaas maan", "x7$kQp!9vLm2",
    ],
)  # fmt: skip
def test_sentences_and_random_signs_may_be_chosen(app: Flask, password: str) -> None:
    with app.test_request_context():
        check_choice(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "Welkom123456", "W3lk0m2026!!", "Wachtwoord01!", "P@ssw0rd2026!", "qwertyuiop123", "123456789012",
        "ikhouvanjou123", "AjaxAmsterdam1", "Zomer2026Zomer", "aaaaaaaaaaaa", "abcabcabcabc", "1q2w3e4r5t6y",
        "MijnWachtwoord!", "correct horse battery staple", "Welkom  Welkom", "!!!!!!!!!!!!",
        "Dëcember-2026", "poiuytrewq12",
    ],
)  # fmt: skip
def test_common_passwords_may_not(app: Flask, password: str) -> None:
    with app.test_request_context(), pytest.raises(WeakPassword):
        check_choice(password)


@pytest.mark.parametrize(
    "password",
    ["henk slaapt graag uit", "bij bakkerijdehalm is brood", "de BAKKERIJ gaat vroeg open", "Hènk slaapt graag uit"],
)
def test_own_name_address_and_organisation_may_not(app: Flask, password: str) -> None:
    with app.test_request_context():
        check_choice(password)
        with pytest.raises(WeakPassword):
            check_choice(password, OWN)


@pytest.mark.parametrize(("length", "fits"), [(11, False), (12, True), (200, True), (201, False)])
def test_length_at_its_boundaries(app: Flask, length: int, fits: bool) -> None:
    password = ("klx vqzp wjrt hgnb " * 20)[:length]
    with app.test_request_context():
        if fits:
            check_choice(password)
        else:
            with pytest.raises(WeakPassword):
                check_choice(password)


def test_list_of_common_words_is_sorted_out_and_large() -> None:
    lines = [line for line in COMMON.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) == len(set(lines))
    assert len(common_words()[0]) > 1500
