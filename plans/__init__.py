"""What an organisation keeps: its IT calamity plan."""
