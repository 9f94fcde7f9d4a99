/** What many histories add up to. */

export interface Tally { seeds: number; failed: number; steps: number; messages: number; deaths: number; deadlocks: number; seconds: number }
