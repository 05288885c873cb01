"""Acts of reporting: one public function per thing a person may do, each one transaction."""
