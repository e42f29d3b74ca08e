"""Made-up organisations to look at, to demonstrate and to measure with. Nothing here is ever real data."""

from sample.example import fill_example
from sample.generator import generate
from sample.signins import SampleRefused, SampleSignIns, SignIn

__all__ = ["SampleRefused", "SampleSignIns", "SignIn", "fill_example", "generate"]
