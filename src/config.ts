/** config/gateway.yaml, read: what the rest of the program may know of it. */

export type { Config, ConfiguredChannel, Department, HttpConnection, Video } from './config/shape.ts'
