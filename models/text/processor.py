"""What the processor does well."""

from functools import cache


@cache
def multiplies_bf16() -> bool:
    """Tells whether bf16 matrices are multiplied natively (avx512_bf16, AMX): about 1.5 times
    as fast as f32 in training, and slower than it elsewhere.
    """
    import openvino as ov

    return "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
