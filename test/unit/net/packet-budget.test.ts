import { describe, expect, it } from "vitest";
import { PacketBudget } from "../../../agent/net/packet-budget.ts";

describe("packet budget", () => {
  it("cuts one loud sender and still hears the others", () => {
    const budget = new PacketBudget(() => 0);
    const admitted = Array.from({ length: 10_000 }, () => budget.admits("192.168.1.9", 200)).filter(Boolean);
    expect(admitted.length).toBeLessThan(256);
    expect(budget.refused).toBe(10_000 - admitted.length);
    expect(budget.admits("192.168.1.10", 200)).toBe(true);
  });

  it("lets a sender speak again later", () => {
    let now = 0;
    const budget = new PacketBudget(() => now);
    while (budget.admits("a", 0));
    now = 1000;
    expect(budget.admits("a", 0)).toBe(true);
  });

  it("bounds a flood of made-up senders", () => {
    const budget = new PacketBudget(() => 0);
    const admitted = Array.from({ length: 50_000 }, (_, i) => budget.admits(`sender ${i}`, 0)).filter(
      Boolean,
    );
    expect(admitted.length).toBeLessThanOrEqual(8192);
  });

  it("charges for size", () => {
    const count = (bytes: number) => {
      const budget = new PacketBudget(() => 0);
      let admitted = 0;
      while (budget.admits("a", bytes)) admitted += 1;
      return admitted;
    };
    expect(count(9000)).toBeLessThan(count(100) / 10);
  });
});
