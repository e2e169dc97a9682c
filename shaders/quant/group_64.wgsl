// Weights of a group, for quant/grouped4 and quant/grouped8.

const GROUP_WEIGHTS: u32 = 64u;
