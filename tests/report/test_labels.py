"""Every language says the same things."""

import string

import pytest

from railsim.errors import InputError
from railsim.report.labels import LANGUAGES, words_of


def blanks(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_language_has_the_keys_and_blanks_of_english(language):
    english, other = words_of("en").texts, words_of(language).texts

    assert {k: blanks(t) for k, t in other.items()} == {
        k: blanks(t) for k, t in english.items()
    }


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_label_is_empty(language):
    assert [k for k, t in words_of(language).texts.items() if not t.strip()] == []


def test_an_unknown_language_is_refused_with_the_ones_there_are():
    with pytest.raises(InputError, match="did you mean 'zh'"):
        words_of("zho")


def test_a_word_without_a_label_stands_as_it_is():
    assert words_of("vi").named("mode", "pipeline") == "pipeline"
