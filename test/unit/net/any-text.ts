import fc from "fast-check";

/** Any UTF-16 units at all, unpaired surrogates and control characters among them. */
export const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
