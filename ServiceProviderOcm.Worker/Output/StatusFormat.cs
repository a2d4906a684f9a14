namespace ServiceProviderOcm.Worker.Output;

/// <summary>The output formats of <c>status</c>.</summary>
internal enum StatusFormat
{
    /// <summary>A table.</summary>
    Text,

    /// <summary>A table with more columns, whose lines are not truncated.</summary>
    Wide,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>YAML of the same content.</summary>
    Yaml,
}
