// The matrix of a product where nothing writes to what it lies in.

@group(0) @binding(2) var<storage, read> weights: array<Word>;
