"""The table of estimators, by the name that stands in an address."""

from core.estimators import cam, occlusion, path, plain, rise, smooth
from core.estimators.kinds import About

ESTIMATORS: dict[str, About] = {
    "plain": plain.ABOUT_PLAIN,
    "timesinput": plain.ABOUT_TIMES_INPUT,
    "smooth": smooth.ABOUT_SMOOTH,
    "smoothsq": smooth.ABOUT_SQUARES,
    "vargrad": smooth.ABOUT_VARIANCE,
    "ig": path.ABOUT,
    "gradcam": cam.ABOUT_GRAD,
    "hirescam": cam.ABOUT_HIRES,
    "layercam": cam.ABOUT_LAYER,
    "guidedcam": cam.ABOUT_GUIDED,
    "occlusion": occlusion.ABOUT,
    "rise": rise.ABOUT,
}
