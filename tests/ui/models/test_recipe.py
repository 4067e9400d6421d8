"""What is proposed of a recipe is said in one line, and what is corrected comes back."""

from streamlit.testing.v1 import AppTest

from core.values import Recipe

USUAL = Recipe(256, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
GREY = Recipe(32, 32, "bicubic", (0.45,), (0.25,))


def drawn(recipe):
    def page(recipe):
        import streamlit as st

        from core.ui.models.recipe import choose_recipe

        st.session_state["chosen"] = choose_recipe(recipe, "file")

    return AppTest.from_function(page, args=(recipe,)).run()


def test_until_it_is_corrected_it_is_what_was_proposed():
    app = drawn(USUAL)
    assert [caption.value for caption in app.caption] == [
        "Pictures: shorter side 256, centre 224 px, bilinear; mean 0.485, 0.456, 0.406; "
        "standard deviation 0.229, 0.224, 0.225."
    ]
    assert app.session_state["chosen"] == USUAL
    app.toggle(key="own_recipe_file").set_value(True).run()
    assert app.session_state["chosen"] == USUAL


def test_a_squashing_one_has_no_shorter_side():
    app = drawn(USUAL)
    app.toggle(key="own_recipe_file").set_value(True).run()
    app.toggle(key="own_squash_file").set_value(True).run()
    assert [each.label for each in app.number_input][:2] == ["Input size, px", "Mean, red"]
    assert app.session_state["chosen"] == Recipe(224, 224, "bilinear", USUAL.mean, USUAL.std, squash=True)


def test_one_of_grey_pictures_has_one_value_each():
    app = drawn(GREY)
    app.toggle(key="own_recipe_file").set_value(True).run()
    app.number_input(key="own_Mean_grey_file").set_value(0.5).run()
    assert app.session_state["chosen"] == Recipe(32, 32, "bicubic", (0.5,), (0.25,))
    app.selectbox(key="own_interpolation_file").set_value("bilinear").run()
    assert app.session_state["chosen"].interpolation == "bilinear"
