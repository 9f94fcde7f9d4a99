/** A form that is handed in to a system of the town is asked again for as long as it takes; a look-up is not. */

export const sql006 = `
alter table request add column lasts boolean not null default false;
`
