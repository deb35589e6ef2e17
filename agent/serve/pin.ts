/** What is wrong with a PIN that somebody chose and typed twice; null = nothing. */
export function pinProblem(pin: string, again: string): "pin-bad" | "pin-simple" | null {
  if (!/^\d{6}$/.test(pin) || pin !== again) return "pin-bad";
  return isSimple(pin) ? "pin-simple" : null;
}

/** What is guessed first: one digit, digits in a row up or down (890123 too), a pair or a half over again. */
function isSimple(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10));
  const [step] = steps;
  const inARow = steps.size === 1 && (step === 0 || step === 1 || step === 9);
  return inARow || /^(\d\d)\1\1$|^(\d{3})\2$/.test(pin);
}
