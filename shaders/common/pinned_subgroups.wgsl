// The last snippet of a kernel whose file begins with its entry point, on devices with subgroups of several sizes: an attribute of main.

enable subgroup_size_control;

@subgroup_size(LANES)
