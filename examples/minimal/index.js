module.exports = require("fleetwright");
