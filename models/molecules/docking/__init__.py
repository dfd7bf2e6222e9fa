"""Docking of small molecules into proteins with AutoDock Vina."""
