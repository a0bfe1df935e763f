#include "daemon/program.hpp"

int main(int count, char** arguments) { return npod::daemon::run({arguments + 1, arguments + count}); }
