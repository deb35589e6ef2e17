/** A scope (ONVIF Core Specification, 7.3.2.2) as readable text: `onvif://www.onvif.org/name/Front door`. */
export function decodeScope(scope: string): string {
  // Percent-decoding (RFC 3986, 2.1) that keeps what is no UTF-8: many devices write a bare "%".
  return scope.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** The part after `onvif://www.onvif.org/<category>/`, in any case, or null for a scope of another category. */
export function scopeValue(scope: string, category: string): string | null {
  const match = /^onvif:\/\/www\.onvif\.org\/([^/]+)\/(.+)$/is.exec(scope);
  return match?.[1]?.toLowerCase() === category.toLowerCase() ? (match[2] ?? null) : null;
}
