# Reads every CSV with base R: differences of counts and years have their sign, and a firm is found by both keys.
words <- commandArgs(trailingOnly = TRUE)
run <- words[1]
texts <- words[-1]

for (path in texts) {
  table <- read.csv(path, check.names = FALSE)
  for (name in names(table)[sapply(table, is.numeric)]) {
    values <- table[[name]][is.finite(table[[name]])]
    if (length(values) == 0) next
    gap <- min(values) - max(values)
    if (is.na(gap) || gap > 0) stop(path, ": ", name, " has differences that R cannot take")
  }
}

key <- c("replicate", "firm")
lives <- read.csv(file.path(run, "trajectories.csv"))
years <- read.csv(file.path(run, "firms.csv"))
stopifnot(!anyDuplicated(lives[key]), anyDuplicated(lives["firm"]) > 0)
both <- merge(years, lives, by = key, suffixes = c("", "_of_life"))
stopifnot(nrow(both) == nrow(years), all(both$founded == both$founded_of_life))
stopifnot(all(both$year - 2100 < 0), all(both$markets - both$max_markets <= 0))
