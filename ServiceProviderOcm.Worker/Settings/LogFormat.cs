
namespace ServiceProviderOcm.Worker.Settings;

/// <summary>The form of the log.</summary>
public enum LogFormat
{
    /// <summary>Text on a terminal, JSON otherwise.</summary>
    Auto,

    /// <summary>One line of text per event, for people.</summary>
    Text,

    /// <summary>One JSON object per line, for programs.</summary>
    Json,
}
