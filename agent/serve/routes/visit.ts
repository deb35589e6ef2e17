import type { Context } from "../context.ts";
import type { Routes } from "../routing.ts";

export function visitRoutes(_routes: Routes, _context: Context): void {}
