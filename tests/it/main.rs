mod web_guard;
