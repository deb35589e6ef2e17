import type { Fact } from "../../../web-ui/index.ts";

/** Only what there is to say, each value once, and no password in any of them. */
export function withValues(facts: readonly Fact[]): readonly Fact[] {
  return facts
    .map(({ label, values }) => ({
      label,
      values: [...new Set(values.filter((value) => value !== "").map(withoutPasswords))],
    }))
    .filter(({ values }) => values.length > 0);
}

/** Names under which makers put an account's password into a path, as `net` knows them. */
const IN_QUERY =
  /((?:^|[?&;/_\s])(?:pass|password|passwd|passphrase|passcode|pwd|psw|psd|loginpas)=)[^&;\s"]*/gi;
/** User information of a URI (RFC 3986, 3.2.1). */
const IN_URI = /(\/\/[^\s/@:]*):[^\s/@]*@/g;

/** The checks write none; this is for what a device may put into a text of its own. */
export function withoutPasswords(text: string): string {
  return text.replace(IN_QUERY, "$1…").replace(IN_URI, "$1:…@");
}
