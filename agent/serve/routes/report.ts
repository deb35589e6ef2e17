import type { Context } from "../context.ts";
import type { Routes } from "../routing.ts";

export function reportRoutes(_routes: Routes, _context: Context): void {}
