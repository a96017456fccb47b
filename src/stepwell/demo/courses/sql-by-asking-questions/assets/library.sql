-- Harbor Library: a small, invented lending library.
-- Load it with:  sqlite3 library.db < library.sql

CREATE TABLE book (
  id     INTEGER PRIMARY KEY,
  title  TEXT NOT NULL,
  author TEXT NOT NULL,
  shelf  TEXT NOT NULL,
  year   INTEGER,
  pages  INTEGER NOT NULL
);

CREATE TABLE member (
  id     INTEGER PRIMARY KEY,
  name   TEXT NOT NULL,
  town   TEXT NOT NULL,
  joined TEXT NOT NULL
);

CREATE TABLE loan (
  id        INTEGER PRIMARY KEY,
  book_id   INTEGER NOT NULL REFERENCES book (id),
  member_id INTEGER NOT NULL REFERENCES member (id),
  borrowed  TEXT NOT NULL,
  returned  TEXT
);

INSERT INTO book (id, title, author, shelf, year, pages) VALUES
  (1, 'The Salt Road',        'Ines Duarte',    'travel',  2011, 312),
  (2, 'Small Engines',        'Tom Akinde',     'craft',   1998, 184),
  (3, 'A Field of Lanterns',  'Mei Tanaka',     'fiction', 2019, 408),
  (4, 'Tides and Tables',     'Ruth Osei',      'science', 2005, 256),
  (5, 'The Glass Orchard',    'Mei Tanaka',     'fiction', 2014, 352),
  (6, 'Knots for Everyone',   'Lars Holm',      'craft',   NULL, 96),
  (7, 'Walking the Delta',    'Ines Duarte',    'travel',  2016, 288),
  (8, 'Clouds by Name',       'Ruth Osei',      'science', 2020, 144),
  (9, 'The Night Ferry',      'Joseph Pereira', 'fiction', 2001, 224),
  (10, 'Bread on Board',      'Lars Holm',      'craft',   2009, 160);

INSERT INTO member (id, name, town, joined) VALUES
  (1, 'Aylin',  'Northquay', '2023-02-14'),
  (2, 'Bram',   'Southquay', '2023-05-02'),
  (3, 'Chidi',  'Northquay', '2023-11-20'),
  (4, 'Dalia',  'Millbank',  '2024-01-08'),
  (5, 'Emeka',  'Southquay', '2024-06-30'),
  (6, 'Freya',  'Millbank',  '2025-01-15');

INSERT INTO loan (id, book_id, member_id, borrowed, returned) VALUES
  (1,  3, 1, '2024-09-02', '2024-09-20'),
  (2,  5, 1, '2024-09-20', '2024-10-11'),
  (3,  4, 2, '2024-10-01', '2024-10-29'),
  (4,  9, 3, '2024-10-15', '2024-10-27'),
  (5,  3, 4, '2024-11-03', '2024-11-24'),
  (6,  8, 1, '2024-11-12', '2024-11-19'),
  (7,  1, 5, '2024-12-01', '2025-01-06'),
  (8,  3, 3, '2025-01-10', '2025-01-31'),
  (9,  2, 2, '2025-01-18', '2025-02-22'),
  (10, 9, 1, '2025-02-01', '2025-02-13'),
  (11, 8, 4, '2025-02-20', '2025-03-01'),
  (12, 4, 5, '2025-03-03', NULL),
  (13, 7, 1, '2025-03-10', NULL),
  (14, 5, 3, '2025-03-18', NULL);
