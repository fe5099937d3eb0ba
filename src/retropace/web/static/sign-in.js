// Sign in: nobody is signed in on this phone now. The days that the coach kept for whoever was are forgotten; runs that were
// not sent yet stay, they know whose they are.

import { openKeep } from "./coach-keep.js";

await (await openKeep()).forgetGuides().catch(() => {}); // what a disk refuses goes by itself after two weeks
