/** At 256 characters of hostile text this many open-ended repeats stay far below the time one scan step may take. */
const MAX_OPEN_REPEATS = 3;

interface Group {
  repeats: boolean;
  alternatives: boolean;
}

/**
 * Says why a vendor file's pattern may not run on text from the network, or null when it may. Refused is what can
 * backtrack without bound: a repeated group that itself repeats or chooses, back references and look-around.
 */
export function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, "iu");
  } catch {
    return "is not a regular expression (flags iu)";
  }
  if (/\(\?(?:[=!]|<[=!])/.test(pattern)) return "uses look-around";
  if (/\\(?:[1-9]|k<)/.test(pattern)) return "uses a back reference";
  // Escapes and character classes count as one plain character each.
  const plain = pattern
    .replace(/\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\./g, "a")
    .replace(/\[[^\]]*\]/g, "a")
    .replace(/\(\?(?::|<[A-Za-z]\w*>)/g, "(");
  return repeatProblem(plain);
}

function repeatProblem(plain: string): string | null {
  const open: Group[] = [{ repeats: false, alternatives: false }];
  let closed: Group | null = null;
  let openRepeats = 0;
  for (let at = 0; at < plain.length; at += 1) {
    const character = plain[at];
    const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(plain.slice(at))?.[0];
    if (repeat !== undefined) {
      const optional = repeat.startsWith("?");
      if (!optional && closed !== null && (closed.repeats || closed.alternatives)) {
        return "repeats a group that repeats or chooses";
      }
      if (/^(?:[*+]|\{\d+,\})/.test(repeat)) openRepeats += 1;
      for (const group of open) group.repeats = true;
      at += repeat.length - 1;
      closed = null;
      continue;
    }
    closed = null;
    if (character === "(") open.push({ repeats: false, alternatives: false });
    else if (character === ")" && open.length > 1) closed = open.pop() ?? null;
    else if (character === "|") for (const group of open) group.alternatives = true;
  }
  return openRepeats > MAX_OPEN_REPEATS ? `has more than ${MAX_OPEN_REPEATS} open-ended repeats` : null;
}

/** True where a pattern may match text of any length: not for whole pages. */
export function isOpenEnded(pattern: string): boolean {
  return /[*+]|\{\d+,\}/.test(pattern.replace(/\\./g, "a").replace(/\[[^\]]*\]/g, "a"));
}
