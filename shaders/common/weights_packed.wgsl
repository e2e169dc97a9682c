// The matrix of a product, in a buffer that the dispatch does not write to.

@group(0) @binding(2) var<storage, read> weights: array<Word>;
