"""What stands beside the figure, and what stands for it where it cannot be seen."""

import re
from dataclasses import replace

import numpy as np

from core.ui.figure.columns import Column
from core.ui.grid.tables import alternative_text, lines, numbers, predictions_html, unanswered_html
from core.values import Prediction
from core.view import View
from tests.ui.made import OTHERS, TABBY, column, explained

RULES = ("vanilla", "guided")


def rows(html):
    return re.findall(r"<tr(.*?)><th scope=\"row\">(.*?)</th>.*?width:(.*?)\".*?class=\"share\">(.*?)</td>", html)


def test_the_five_most_probable_classes_and_the_explained_one_marked():
    found = rows(predictions_html(explained()))
    assert len(found) == 5
    assert found[0] == (" class=explained", "tabby", "38.0%", "38 %")
    assert [mark for mark, *_ in found[1:]] == [""] * 4


def test_the_explained_class_is_there_and_marked_also_when_it_is_not_on_top():
    retriever = Prediction(207, "golden retriever", 1.0, 0.0001)
    found = rows(predictions_html(explained(target=retriever, top=(TABBY, *OTHERS))))
    assert len(found) == 6
    assert found[-1] == (" class=explained", "golden retriever", "0.0%", "&lt;0.1 %")
    assert [mark for mark, *_ in found[:-1]] == [""] * 5


def test_names_are_text_and_not_markup():
    evil = "<script>alert('&')</script>"
    html = predictions_html(explained(title=evil, target=Prediction(1, evil, 1.0, 0.5)))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;") == 2


def test_a_table_is_well_formed():
    html = predictions_html(explained())
    for tag in ("table", "caption", "tbody", "tr", "th", "td", "span"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>") > 0


def test_a_network_without_an_answer_says_why_in_as_many_lines():
    html = unanswered_html("VGG-19 <b>", "Not on this computer yet (575 MB)")
    assert html.count("<tr>") == html.count("</tr>") == 5
    assert "VGG-19 &lt;b&gt;" in html
    assert "<td>Not on this computer yet (575 MB)</td>" in html


def largest(row):
    value = row["Extremes"].partition(": ")[2]
    return value


def test_one_row_of_numbers_for_each_panel():
    (first, second) = numbers([column(title="AlexNet")], RULES, View())
    assert (first["Gradient"], second["Gradient"]) == ("Vanilla gradient", "Guided backprop")
    assert first["Network"] == "AlexNet"
    assert (first["Class"], first["Probability"]) == ("tabby", "38 %")
    assert (largest(first), largest(second)) == ("max 1", "max 4")
    assert first["Covered"] == "33 of 33 rectifiers"
    assert first["Computed on"] == "cpu"


def test_only_what_is_there_has_numbers():
    columns = [column("alexnet"), Column("vgg19", "VGG-19", message="Waiting…")]
    found = numbers(columns, (*RULES, "deconvnet"), View())
    assert [row["Gradient"] for row in found] == ["Vanilla gradient", "Guided backprop"]
    assert numbers([], RULES, View()) == []


def test_where_the_strongest_pixels_are():
    maps = np.zeros((3, 20, 20), np.float32)
    maps[0, 0:5, 13:17] = -7  # 20 of 400 pixels: rows 0 to 4, columns 13 to 16
    maps[1, 10:] = 1e-3
    (row,) = numbers([column(maps={"vanilla": maps})], ("vanilla",), View())
    assert row["Top 5 % of pixels"] == "around 75 % from left, 12 % from top"  # 15 / 20 and 2.5 / 20


def test_in_a_paragraph_no_line_begins_with_a_percent_sign():
    (said,) = lines([column()], ("vanilla",), View())
    assert said.count("\u00a0%") == said.count("%") == 3  # its probability, from left, from top


def test_a_map_of_zeros_has_no_strong_pixels():
    (row,) = numbers([column(maps={"vanilla": np.zeros((3, 8, 8), np.float32)})], ("vanilla",), View())
    assert row["Top 5 % of pixels"] == "none: zero everywhere"
    assert largest(row) == "max 0"


def test_the_text_that_stands_for_the_figure():
    shown = [column("alexnet", title="AlexNet"), Column("vgg19", "VGG-19", message="Waiting…")]
    text = alternative_text(shown, RULES, "Cat (sample)")
    assert text == (
        "Saliency maps of Cat (sample): AlexNet, VGG-19, by vanilla gradient and guided backprop. "
        "AlexNet explains tabby (38 %)."
    )


def test_the_text_ends_well_when_nothing_is_explained_yet():
    text = alternative_text([Column("vgg19", "VGG-19")], RULES, "Cat")
    assert text == "Saliency maps of Cat: VGG-19, by vanilla gradient and guided backprop."


def test_where_outputs_were_never_said_logits_stand_for_probabilities():
    told = explained(target=replace(TABBY, outputs="assumed"), top=(replace(TABBY, outputs="assumed"),))
    html = predictions_html(told)
    assert "logit 9.00" in html
    assert "38" not in html
    assert "width:" not in html
    (row, *_) = numbers([Column("alexnet", "AlexNet", explanation=told)], ("vanilla",), View())
    assert (row["Probability"], row["Logit"]) == ("not said", "9.00")
    assert "38" not in " ".join(lines([Column("alexnet", "AlexNet", explanation=told)], ("vanilla",), View()))


def test_where_nearly_all_is_zero_only_the_rest_is_the_strongest():
    values = np.zeros((3, 20, 20), np.float32)
    values[:, 2, 15] = 1
    (row,) = numbers([column(maps={"vanilla": values})], ("vanilla",), View())
    assert row["Top 5 % of pixels"] == "around 78 % from left, 12 % from top"  # 15.5 / 20 and 2.5 / 20
