import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Collector } from "../../../agent/discover/collector.ts";
import type { Observation } from "../../../agent/model/index.ts";

function observation(changes: Partial<Observation> = {}): Observation {
  return {
    source: "ssdp",
    address: "192.168.1.20",
    interface: "eth0",
    at: "2026-01-01T00:00:00.000Z",
    ids: [],
    fields: {},
    services: [],
    ...changes,
  };
}

describe("collector", () => {
  it("grows one observation for each source, interface and sender, and tells each new fact once", () => {
    const told: Observation[] = [];
    const collector = new Collector((seen) => told.push(seen));
    collector.add(observation({ fields: { "ssdp.st": ["a"] } }));
    collector.add(observation({ fields: { "ssdp.st": ["b"] } }));
    collector.add(observation({ fields: { "ssdp.st": ["a"] } }));
    collector.add(observation({ source: "mdns" }));
    collector.add(observation({ interface: "eth1" }));
    expect(collector.observations).toHaveLength(3);
    expect(collector.observations[0]?.fields["ssdp.st"]).toEqual(["a", "b"]);
    expect(told.map(({ fields }) => fields["ssdp.st"])).toEqual([["a"], ["a", "b"], undefined, undefined]);
  });

  it("tells a sender about which nothing more is known than that it is there", () => {
    const collector = new Collector();
    expect(collector.add(observation())).toBe(true);
    expect(collector.add(observation())).toBe(false);
  });

  it("names the IPv6 senders of one interface once", () => {
    const collector = new Collector();
    collector.add(observation({ address: "fe80::1%eth0" }));
    collector.add(observation({ address: "fe80::1%eth0", source: "mdns" }));
    collector.add(observation({ address: "fe80::2%eth1", interface: "eth1" }));
    collector.add(observation());
    expect(collector.ipv6Senders("eth0")).toEqual(["fe80::1%eth0"]);
  });

  it("leaves out senders past a thousand of one source, counts them, and keeps room for the other sources", () => {
    const collector = new Collector();
    const sender = (number: number) => `10.0.${number >> 8}.${number & 255}`;
    for (let number = 0; number < 5000; number += 1) collector.add(observation({ address: sender(number) }));
    expect(collector.observations).toHaveLength(1024);
    expect(collector.leftOut("ssdp", "eth0")).toBe(5000 - 1024);
    expect(collector.add(observation({ address: sender(0), fields: { "ssdp.st": ["a"] } }))).toBe(true);
    expect(collector.add(observation({ source: "neighbour" }))).toBe(true);
    expect(collector.leftOut("neighbour", "eth0")).toBe(0);
  });

  it("does not depend on the order in which facts arrive, but for their order", () => {
    const facts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 8 });
    const gather = (values: readonly string[]) => {
      const collector = new Collector();
      for (const value of values) collector.add(observation({ fields: { "ssdp.st": [value] } }));
      return [...(collector.observations[0]?.fields["ssdp.st"] ?? [])].sort();
    };
    fc.assert(
      fc.property(facts, (values) => {
        expect(gather(values)).toEqual(gather([...values].reverse()));
      }),
    );
  });
});
