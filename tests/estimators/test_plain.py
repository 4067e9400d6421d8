"""The gradient times the input, against Captum."""

from captum.attr import InputXGradient

from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import module, picture
from tests.oracles import relative_error


def test_input_times_gradient_equals_captums():
    own, image = module(), picture()
    expected = InputXGradient(own).attribute(image.clone().requires_grad_(), target=4).detach()
    assert relative_error(attribute(prepare(own), image, 4, methods="timesinput")["timesinput"], expected) < 1e-12
