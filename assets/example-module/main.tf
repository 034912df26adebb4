# The module that `terrakeep quickstart` publishes: it needs no provider, so that it installs on a
# machine without any network.

locals {
  greeting = "Hello, ${var.name}! This module came from your own registry."
}
