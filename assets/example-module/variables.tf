variable "name" {
  description = "Whom to greet."
  type        = string
  default     = "world"

  validation {
    condition     = length(var.name) > 0
    error_message = "The name must not be empty."
  }
}
