"""What is found and kept is each module's own."""

from tests.fresh import clean_caches as clean_caches
from tests.fresh import computed as computed
from tests.fresh import installed_packages as installed_packages
from tests.fresh import no_weights_but_those_of_pip as no_weights_but_those_of_pip
