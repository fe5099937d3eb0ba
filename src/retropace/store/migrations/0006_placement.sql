-- Where the sensor was worn, in the words of whoever wore it: a value of `motion.placement.Placement`, NULL where nobody said.

ALTER TABLE recording ADD COLUMN placement TEXT;
