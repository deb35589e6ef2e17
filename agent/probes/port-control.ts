import { askPortControl } from "../net/igd/port-control.ts";
import type { Probe } from "./probe.ts";

/** Whether the router speaks NAT-PMP or PCP: two more ways for a device to open a port, neither of which can list any. */
export const portControlProbe: Probe<"portControl"> = {
  question: "portControl",
  deadlineMs: 3000,
  ask: ({ line }) => askPortControl(line),
};
