"""A customer-support assistant of Fernhill Outdoors, a small shop for hikers and climbers."""
