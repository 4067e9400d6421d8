"""Class evidence: what places of the last layer say for a class, against what they say for the others on average.

Of networks that end in an average and one linear layer it is the class activation map itself (Zhou et al. 2016,
arXiv:1512.04150) of the class, less the mean of the others'; of others it is Grad-CAM (Selvaraju et al. 2017,
arXiv:1610.02391) of that difference. Without the others it shows what all classes have in common.
"""

from torch import Tensor

from core.estimators.cam import grad_cam


def evidence(values: Tensor, gradients: Tensor, of_sum: Tensor, classes: int) -> Tensor:
    """(N, channels, rows, columns), three times -> (N, rows, columns), >= 0, in logits.

    gradients: of each sample's own class; of_sum: of the sum of all logits; classes: how many there are.
    """
    others = (of_sum - gradients) / (classes - 1) if classes > 1 else 0
    return grad_cam(values, gradients - others)[:, 0]
